# One image for every service: the workspace as it stands, run from source. Needs no BuildKit.
FROM node:24-bookworm-slim AS build
WORKDIR /app
RUN npm install --global pnpm@11.28.11
# Packages are fetched by the lock file alone, so that a change in the source does not fetch them again.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch --prod
COPY . .
RUN pnpm install --prod --frozen-lockfile --offline

FROM node:24-bookworm-slim
WORKDIR /app
ENV HELIOS_IN_CONTAINER=true NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache NODE_OPTIONS=--max-semi-space-size=2
COPY --from=build /app ./
# Folders that volumes are mounted on take over these owners, so that the services can write there without being root.
RUN mkdir -p logs .helios config .compile-cache && chown node:node logs .helios .compile-cache && chmod 700 logs .helios
# helios status, helios config, helios logs: what docker-compose exec runs.
RUN chmod 755 packages/fleet/src/helios.mjs && ln -s /app/packages/fleet/src/helios.mjs /usr/local/bin/helios
USER node
# Imports every service once: fails here rather than at the start if something is missing, and leaves the code compiled.
RUN set -e; for service in services/*/src/service.ts; do \
      node --input-type=module --eval "await import('/app/$service'); process.exit(0)"; \
    done

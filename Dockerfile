# One image for every service: the unchanged workspace, run from source. Needs no BuildKit.
FROM node:24-bookworm-slim AS build
WORKDIR /app
RUN npm install --global pnpm@11.28.11
# Fetches packages by the lock file only, so that a change in the source does not fetch them again.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch --prod
COPY . .
RUN pnpm install --prod --frozen-lockfile --offline

FROM node:24-bookworm-slim
WORKDIR /app
ENV HELIOS_IN_CONTAINER=true NODE_ENV=production NODE_COMPILE_CACHE=/app/.compile-cache NODE_OPTIONS=--max-semi-space-size=2
COPY --from=build /app ./
# Mounted volumes get these owners, so that the services can write there without root.
RUN mkdir -p logs .helios/recordings config .compile-cache && chown node:node logs .helios .helios/recordings .compile-cache && \
    chmod 700 logs .helios .helios/recordings
# helios status, helios config, helios logs: commands for docker-compose exec.
RUN chmod 755 packages/fleet/src/helios.mjs && ln -s /app/packages/fleet/src/helios.mjs /usr/local/bin/helios
USER node
# Imports every service once: a missing part fails here and not at the start, and the code is compiled.
RUN set -e; for service in services/*/src/service.ts; do \
      node --input-type=module --eval "await import('/app/$service'); process.exit(0)"; \
    done

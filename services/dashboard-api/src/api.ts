import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import type { PriceBoard } from '@helios/shared/runtime/price-board.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ErrorBody } from './api-error.ts';

/** Dependencies of the endpoints. */
export interface Api {
  readonly bus: Bus<'dashboard-api'>;
  /** Market time: for ages of prices. */
  readonly clock: Clock;
  /** The machine's time: for ages of heartbeats, sessions and commands. */
  readonly wall: Clock;
  readonly mode: FleetMode;
  readonly settings: Pick<Settings, 'dashboard' | 'alerts'>;
  readonly board: PriceBoard;
  /** Folder of the ledgers. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Effective settings as an operator may see them. */
  readonly shownSettings: readonly ShownSetting[];
}

/** Fastify whose schemas are zod. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Answers that are errors, for the description of every endpoint. */
export const ERROR_ANSWERS = { '4xx': ErrorBody, '5xx': ErrorBody } as const;

/** Query schema for a number of entries, newest first. */
export const limitQuery = (fallback: number, max: number) =>
  z.coerce.number().int().min(1).max(max).default(fallback).describe(`How many, newest first; at most ${max}.`);

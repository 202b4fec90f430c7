import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError } from './api-error.ts';

/** The API error for `error`; `undefined` if it is a bug of ours that must be logged. */
export function knownError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof BusUnavailable) return new ApiError('REDIS_UNAVAILABLE', error.message);
  if (error instanceof BusFault) return new ApiError('REDIS_FAULT', error.message);
  if (hasZodFastifySchemaValidationErrors(error)) return new ApiError('BAD_REQUEST', validationMessage(error));
  return frameworkError(error);
}

interface ValidationFailure {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[];
  readonly validationContext?: string | undefined;
}

function validationMessage(error: unknown): string {
  const { validation, validationContext } = error as ValidationFailure;
  const where = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request');
  const faults = validation.map(({ instancePath, message }) => {
    const field = instancePath.split('/').filter(Boolean).join('.');
    return field ? `${field}: ${message}` : `${message}`;
  });
  return `The ${where} is not valid: ${faults.join('; ')}.`;
}

function frameworkError(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { message, statusCode } = error;
  if (statusCode === 413) return new ApiError('TOO_LARGE', 'The request body is too large.');
  if (statusCode === 415) return new ApiError('NOT_JSON', 'The request body must be JSON.');
  if (statusCode === 400) return new ApiError('BAD_JSON', `The request cannot be read: ${message}.`);
  return undefined;
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TensorFlow } from './tensor-flow-api.ts';
import { registerGradients } from './tensor-gradients.ts';

let started: Promise<TensorFlow> | undefined;

/** Loads TensorFlow.js and its WebAssembly back end, once; only training needs them. One thread: the same numbers on each run. */
export function loadTensorFlow(): Promise<TensorFlow> {
  started ??= start();
  return started;
}

async function start(): Promise<TensorFlow> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const tf = await import('@tensorflow/tfjs-core');
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(join(dirname(main), '/'));
  wasm.setThreadsCount(1);
  if (!(await tf.setBackend('wasm'))) throw new Error('The WebAssembly back end of TensorFlow.js does not start');
  registerGradients(tf);
  return tf;
}

/** The core package of TensorFlow.js. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');

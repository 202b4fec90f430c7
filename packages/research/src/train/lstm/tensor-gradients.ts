import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './tensor-flow-api.ts';

type Attrs = NamedAttrMap & Record<string, unknown>;
type Derivative = (dy: Tensor, saved: Tensor[], attrs: Attrs) => Record<string, () => Tensor>;

interface KernelGradient {
  readonly inputsToSave?: string[];
  readonly outputsToSave?: boolean[];
  readonly gradFunc: (dy: Tensor | Tensor[], saved: Tensor[], attrs: Attrs) => Record<string, () => Tensor>;
}

/**
 * Registers the derivatives of the operations that an LSTM uses. The core package of TensorFlow.js has none in its build for Node;
 * the package that has them weighs 300 MB. A test compares them with finite differences.
 */
export function registerGradients(tf: TensorFlow): void {
  const one = (gradFunc: Derivative): KernelGradient['gradFunc'] => {
    return (dy, saved, attrs) => gradFunc(Array.isArray(dy) ? firstOf(dy) : dy, saved, attrs);
  };
  const gradients: Readonly<Record<string, KernelGradient>> = {
    Add: {
      inputsToSave: ['a', 'b'],
      gradFunc: one((dy, [a, b]) => ({ a: () => summed(tf, dy, a), b: () => summed(tf, dy, b) })),
    },
    Multiply: {
      inputsToSave: ['a', 'b'],
      gradFunc: one((dy, saved) => {
        const [a, b] = pairOf(saved);
        return { a: () => tf.mul(dy, b), b: () => tf.mul(dy, a) };
      }),
    },
    BatchMatMul: {
      inputsToSave: ['a', 'b'],
      gradFunc: one((dy, saved) => {
        const [a, b] = pairOf(saved);
        return { a: () => tf.matMul(dy, b, false, true), b: () => tf.matMul(a, dy, true, false) };
      }),
    },
    Sigmoid: {
      outputsToSave: [true],
      gradFunc: one((dy, saved) => {
        const y = firstOf(saved);
        return { x: () => tf.mul(dy, tf.mul(y, tf.sub(tf.scalar(1), y))) };
      }),
    },
    Tanh: {
      outputsToSave: [true],
      gradFunc: one((dy, saved) => {
        const y = firstOf(saved);
        return { x: () => tf.mul(dy, tf.sub(tf.scalar(1), tf.mul(y, y))) };
      }),
    },
    Reshape: { inputsToSave: ['x'], gradFunc: one((dy, saved) => ({ x: () => tf.reshape(dy, firstOf(saved).shape) })) },
    Sum: {
      inputsToSave: ['x'],
      gradFunc: one((dy, saved) => ({ x: () => tf.mul(dy, tf.onesLike(firstOf(saved))) })),
    },
  };
  for (const [kernelName, gradient] of Object.entries(gradients)) tf.registerGradient({ kernelName, ...gradient });
}

/** The sum of `dy` over the rows along which an addend was repeated. */
function summed(tf: TensorFlow, dy: Tensor, addend: Tensor | undefined): Tensor {
  if (addend === undefined || addend.rank === dy.rank) return dy;
  return tf.sum(
    dy,
    Array.from({ length: dy.rank - addend.rank }, (_, axis) => axis),
  );
}

function firstOf(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new Error('TensorFlow.js gave a derivative no tensor');
  return first;
}

function pairOf(tensors: readonly Tensor[]): [Tensor, Tensor] {
  const [a, b] = tensors;
  if (a === undefined || b === undefined) throw new Error('TensorFlow.js gave a derivative no pair of tensors');
  return [a, b];
}

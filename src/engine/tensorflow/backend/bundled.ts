/**
 * The one place that imports tfjs, so that one copy of core ends up in the program, with its gradients and
 * two backends registered.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

export { setWasmPaths, tf };

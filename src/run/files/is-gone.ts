import { errorCode } from './file-work.js';

/** Returns whether there is surely no process of this number on this machine. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

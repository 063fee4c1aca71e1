import { spawnSync } from 'node:child_process';

const loopbackUp = 'ip link set lo up && exec "$@"';

/**
 * A command put before another so that it runs with loopback and no other network; empty where the machine
 * cannot do that (anything but Linux, or namespaces forbidden).
 * @returns {string[]}
 */
export function offlinePrefix() {
  const prefix = [
    'unshare',
    '--net',
    ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
    'sh',
    '-c',
    loopbackUp,
    'sh',
  ];
  const [program = '', ...args] = prefix;
  return spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0 ? prefix : [];
}

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';
import { modules, root } from '../../scripts/paths.mjs';
import { minutes, patience } from '../patience.mjs';
import { once } from './once.mjs';
import { ownChromium } from './prerequisites.mjs';
import { untar } from './tar.mjs';

const decompress = promisify(brotliDecompress);
const packed = join(modules, '@sparticuz/chromium/bin');
const folder = join(root, '.cache/chromium-153.0.0');

const flags = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium: the machine's own where MMOE_CHROMIUM names one, else the one from the npm package. */
export async function launchChromium() {
  const options = { args: flags, timeout: minutes(patience.wait) };
  if (ownChromium !== null) return chromium.launch({ ...options, executablePath: ownChromium });
  await once(folder, unpack);
  return chromium.launch({
    ...options,
    executablePath: join(folder, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  });
}

async function unpack() {
  const partial = `${folder}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const archives = ['al2023', 'fonts', 'swiftshader'].map(async (name) =>
    untar(await decompress(await readFile(join(packed, `${name}.tar.br`))), partial),
  );
  await Promise.all(archives);
  await writeFile(join(partial, 'chromium'), await decompress(await readFile(join(packed, 'chromium.br'))), {
    mode: 0o755,
  });
  // Without any font Chromium crashes; the package's own fonts.conf names folders of another machine.
  await writeFile(
    join(partial, 'fonts.conf'),
    [
      '<?xml version="1.0"?>',
      '<fontconfig>',
      `<dir>${join(folder, 'fonts')}</dir>`,
      '<dir>/usr/share/fonts</dir>',
      `<cachedir>${join(folder, 'font-cache')}</cachedir>`,
      '</fontconfig>',
      '',
    ].join('\n'),
  );
  await rename(partial, folder);
}

import { tmpdir } from 'node:os';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { expect, test } from 'vitest';
import { FileHashes } from '../src/file-hashes.ts';
import { prepareStudy } from '../src/prepare-study.ts';

test('data that do not exist end a search with what to do, not with an error of the system', async () => {
  const line = readCommandLine('optimise', [
    '--data',
    '/nowhere/BTCUSDT-1m.csv',
    '--search',
    'risk.stop_loss_atr=1..2',
  ]);
  const place = { cwd: tmpdir(), root: tmpdir(), env: {}, nowMs: 0 };
  await expect(prepareStudy(line, place, new FileHashes())).rejects.toMatchObject({
    name: 'HopelessStart',
    message: '/nowhere/BTCUSDT-1m.csv: there is no such file. Check the name and the folder.',
  });
});

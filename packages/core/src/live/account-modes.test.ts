import { expect, test } from 'vitest';
import { AccountModes } from './account-modes.ts';

test('single-asset mode lets entries go on only after the account was read again', () => {
  const modes = new AccountModes();
  const codes = () => modes.blocks().map(({ code }) => code);
  modes.onModes({ kind: 'ACCOUNT_MODES', isMultiAssets: true }, 1_000);
  expect(codes()).toEqual(['ACCOUNT_MODE']);
  modes.onModes({ kind: 'ACCOUNT_MODES', isMultiAssets: false }, 2_000);
  // The known wallet still adds up several assets.
  modes.onSnapshot(1_900);
  expect(codes()).toEqual(['ACCOUNT_MODE']);
  modes.onSnapshot(2_100);
  expect(codes()).toEqual([]);
});

import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { account } from '../../services/processes/account.ts';

test('the name of the account, or its number where the system has no name for it', () => {
  expect(account()).toBe(userInfo().username);
  const nameless = () => {
    throw new Error('ENOENT: uv_os_get_passwd');
  };
  expect(account(nameless)).toBe(`uid ${process.getuid?.()}`);
});

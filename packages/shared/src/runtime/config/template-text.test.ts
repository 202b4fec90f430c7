import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlaceholder, isTemplatePassword } from './template-text.mjs';

test.each([
  'your_azure_monitor_connection_string',
  'your_actual_api_key_here',
  '<client id>',
  'replace me',
  'changeme',
  '$SECRET}',
])('%s is a placeholder', (text) => {
  expect(isPlaceholder(text)).toBe(true);
});

test.each([
  '',
  'InstrumentationKey=0a1b2c3d-1111-2222-3333-444455556666;IngestionEndpoint=https://there.example.com/',
  'aBcD_here3',
  'yourself',
  'linux:helios:v1 (by /u/someone)',
])('“%s” is not a placeholder', (text) => {
  expect(isPlaceholder(text)).toBe(false);
});

test.each([
  'change-this-password',
  'CHANGE_ME',
  'changethispassword',
  'your-password-here',
  'YourStrongPassword',
  '<password>',
  'password',
  'password123',
  'secret',
  'my redis password',
  'choose_a_strong_password!',
])('%s is rejected as a password', (text) => {
  expect(isTemplatePassword(text)).toBe(true);
});

test.each(['it"s\\a#test', 'correct horse battery staple', 'for-this-test-only', 'open-sesame', 'passw0rd-of-mine'])(
  '%s is accepted as a password',
  (text) => {
    expect(isTemplatePassword(text)).toBe(false);
  },
);

test('a random password is accepted, and checked fast', () => {
  const random = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 24, maxLength: 64 });
  fc.assert(fc.property(random, (letters) => !isTemplatePassword(letters.join(''))));
  const startedMs = performance.now();
  isTemplatePassword(`${'password'.repeat(2_000)}%`);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

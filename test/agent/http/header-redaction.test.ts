import { expect, test } from 'vitest'
import { redactedHeaders } from '../../../src/agent/http/header-redaction.ts'

test.each([
  'authorization',
  'Authorization',
  'proxy-authorization',
  'proxy-authenticate',
  'proxy-anything',
  'www-authenticate',
  'x-authorization',
  'x-forwarded-authorization',
  'x-auth',
  'x-auth-user',
  'cookie',
  'set-cookie',
  'set-cookie2',
  'x-cookie-id',
  'x-api-key',
  'api_key',
  'apikey',
  'x-functions-key',
  'ocp-apim-subscription-key',
  'x-goog-api-key',
  'x-access-keyid',
  'x-amz-security-token',
  'x-csrf-token',
  'x-vault-token',
  'private-token',
  'x-client-secret',
  'x-password',
  'x-passwd',
  'db-pwd',
  'x-passphrase',
  'x-amz-credential',
  'x-hub-signature-256',
  'x-session-id',
  'x-jwt-assertion',
])('the value of %s is not kept', (name) => {
  expect(redactedHeaders({ [name]: 'hunter2' })).toEqual({ [name]: '••••' })
})

test.each([
  'content-type',
  'content-length',
  'date',
  'server',
  'etag',
  'accept',
  'user-agent',
  'author',
  'x-author',
  'idempotency-key',
  'x-request-id',
  'x-ratelimit-remaining-tokens',
  'retry-after',
  'keep-alive',
  'x-tokens-used',
])('the value of %s is kept', (name) => {
  expect(redactedHeaders({ [name]: 'gpt' })).toEqual({ [name]: 'gpt' })
})

test.each([
  ['https://anna:hunter2@example.com/a', 'https://••••@example.com/a'],
  [
    '/callback?code=1&access_token=hunter2&x=2#id_token=hunter2',
    '/callback?code=1&access_token=••••&x=2#id_token=••••',
  ],
  ['<https://example.com/?sig=hunter2>; rel="next"', '<https://example.com/?sig=••••>; rel="next"'],
  ['https://example.com/a@b?page=2', 'https://example.com/a@b?page=2'],
])('a URL in a header is kept without its credentials: %s', (value, kept) => {
  expect(redactedHeaders({ location: value })).toEqual({ location: kept })
})

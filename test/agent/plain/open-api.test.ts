import { expect, test } from 'vitest'
import { readOpenApi } from '../../../src/agent/plain/open-api.ts'
import { createProtocols } from '../../../src/agent/protocols.ts'
import { systemClock } from '../../../src/shared/time/clock.ts'
import { silence, startAgent, text } from '../../support/agents/agent.ts'
import { webPage } from '../../support/agents/reply.ts'
import { unusedPort } from '../../support/network/raw-server.ts'
import { targetAt, transport } from '../../support/network/transport.ts'

test.each([
  ['{"openapi":"3.1.0","info":{"title":"a API","description":"d"},"paths":{"/run":{"post":{}}}}', true],
  ['{"paths":{"/run/":{"post":{"x":1}}}}', true],
  ['{"paths":{"/agents/one/run":{"post":{}}}}', true],
  ['{"paths":{"/rerun":{"post":{}}, "/run/{id}":{"post":{}}}}', false],
  ['{"info":7,"paths":{"/run":{"get":{}}}}', false],
  ['{"paths":{"/run":null}}', false],
  ['{"paths":{"__proto__":{"/run":{"post":{}}}}}', false],
])('whether %s announces /run: %s', (written, listsRun) => {
  expect(readOpenApi(written)).toMatchObject({ listsRun })
})

test.each(['', 'null', '[]', '{}', '{"paths":[]}', '<html>', '"x"', '{"paths":', '['.repeat(100_000)])(
  'text that is no OpenAPI document announces nothing: %#',
  (written) => {
    expect(readOpenApi(written)).toBeUndefined()
  },
)

const { plain } = createProtocols(transport, systemClock.now)

test.each([
  ['there is none', text('', 404)],
  ['it is a web page', text(webPage, 200, 'text/html')],
  ['it is broken', text('{"paths": {', 200, 'application/json')],
  ['it redirects', text('', 302, 'text/plain', { location: '/docs' })],
  ['it is too large', text(`{"paths": {}, "x": "${'x'.repeat(5 * 1024 * 1024)}"}`)],
  ['no answer comes', silence],
])('an agent announces nothing where %s', async (_, openApi) => {
  const agent = await startAgent({ openApi })
  expect(await plain.about!(targetAt(agent.url), { deadlineMs: 500 })).toBeUndefined()
})

test('an agent that is not there announces nothing', async () => {
  expect(await plain.about!(targetAt(`http://127.0.0.1:${await unusedPort()}`), { deadlineMs: 500 })).toBeUndefined()
})

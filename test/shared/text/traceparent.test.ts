import { expect, test } from 'vitest'
import { readTraceparent, writeTraceparent } from '../../../src/shared/text/traceparent.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'

test.each<[string, string, boolean]>([
  ['whose caller records it', `00-${traceId}-${parentId}-01`, true],
  ['whose caller does not', `00-${traceId}-${parentId}-00`, false],
  ['with flags of later times', `00-${traceId}-${parentId}-03`, true],
  ['of a later version', `01-${traceId}-${parentId}-02`, false],
  ['of a later version with more parts', `cc-${traceId}-${parentId}-01-what-comes`, true],
])('a trace %s is continued', (_, header, isSampled) => {
  expect(readTraceparent(header)).toEqual({ traceId, isSampled })
})

test.each<[string, string | undefined]>([
  ['no header', undefined],
  ['an empty one', ''],
  ['two', `00-${traceId}-${parentId}-01,00-${traceId}-${parentId}-01`],
  ['capitals', `00-${traceId.toUpperCase()}-${parentId}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${parentId}-01`],
  ['a parent of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['a short trace', `00-${traceId.slice(1)}-${parentId}-01`],
  ['another sign', `00-${traceId.slice(1)}g-${parentId}-01`],
  ['the version that is forbidden', `ff-${traceId}-${parentId}-01`],
  ['more parts than its version has', `00-${traceId}-${parentId}-01-x`],
  ['no dash before more', `01-${traceId}-${parentId}-01x`],
  ['no flags', `00-${traceId}-${parentId}`],
  ['a line end', `00-${traceId}-${parentId}-01\n`],
])('%s is ignored', (_, header) => {
  expect(readTraceparent(header)).toBeUndefined()
})

test('what is written can be read', () => {
  for (const isSampled of [true, false])
    expect(readTraceparent(writeTraceparent({ traceId, isSampled }, parentId))).toEqual({ traceId, isSampled })
})

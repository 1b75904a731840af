import { expect, test } from 'vitest'
import { cutEnd, cutMiddle } from '../../../src/web/markup/cut.ts'

test.each([
  ['short', 10, 'short', 'short'],
  ['exactly 10', 10, 'exactly 10', 'exactly 10'],
  ['quarterly-report-writer-v1', 12, 'quarterl…r-v1', 'quarterly-re…'],
  ['quarterly-report-writer-v2', 12, 'quarterl…r-v2', 'quarterly-re…'],
  ['四半期報告書作成', 12, '四半…成', '四半期報…'],
  ['🏔🏕🏖🏗', 12, '🏔🏕…🏗', '🏔🏕🏖…'],
  ['R&D "one" and two', 18, 'R&D …nd two', 'R&D "one…'],
])('%s is cut to %i bytes in its middle, and at its end', (text, max, middle, end) => {
  expect(cutMiddle(text, max)).toBe(middle)
  expect(cutEnd(text, max)).toBe(end)
})

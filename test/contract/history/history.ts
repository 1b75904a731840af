import { changes } from './changes.ts'
import { costs } from './costs.ts'
import { exports } from './exports.ts'
import { inputLines } from './input-lines.ts'
import { lately } from './lately.ts'
import { numbers } from './numbers.ts'
import { ofSomeAgents } from './of-some-agents.ts'
import { pages } from './pages.ts'
import { searches } from './searches.ts'
import type { OpenHistory } from './world.ts'

/** What every store does to find runs again. */
export function historyContract(open: OpenHistory): void {
  pages(open)
  inputLines(open)
  numbers(open)
  changes(open)
  searches(open)
  exports(open)
  costs(open)
  lately(open)
  ofSomeAgents(open)
}

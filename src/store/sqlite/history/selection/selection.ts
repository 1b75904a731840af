import type { SQL } from 'drizzle-orm'
import { type Range, rangeOf } from '../../../history/ranges.ts'
import type { RunSelection, RunTest, TextSearch } from '../../../ports/run-selection.ts'
import type { Store } from '../../file/open.ts'
import { sql } from '../../sql/drizzle.ts'
import { and, createNameConditions, inList, maxWords } from './name-conditions.ts'
import type { RunNames } from './names.ts'
import { checkOf } from './tests.ts'
import { matchOf } from './words.ts'

/** `match` is an FTS5 query that finds every run for which the condition holds, and perhaps others. */
type TextCondition = Pick<TextSearch, 'isEnough' | 'holds' | 'key'> & { match: string | undefined }

export type RunConditions = {
  isNothing: boolean
  /** These three are undefined for any name, and for many. */
  agents: string[] | undefined
  statuses: string[] | undefined
  workflows: string[] | undefined
  longerThan: number | undefined
  tests: RunTest[]
  text: TextCondition | undefined
  /** What has to be true of a row `r` of run_index, besides `text`. */
  checks: Map<Check, SQL>
  /** Some of `agents` may be both an agent and a workflow. */
  isAgentUnsure: boolean
  /** What has to be true of a row of run_hours, run_days or run_totals; undefined where these are not enough. */
  sums: SQL | undefined
  range: Range
}
export type Check = 'agents' | 'statuses' | 'workflows' | 'longer' | `test ${number}`

export function createRunSelections(db: Store['db'], names: RunNames) {
  const conditions = createNameConditions(db, names)

  return function read(selection: RunSelection): RunConditions {
    const agents = conditions.ofAgents(selection)
    const statuses = conditions.wanted(selection, 'status', selection.statuses, names.statuses)
    const workflows = conditions.wanted(selection, 'workflow', selection.workflows, names.workflows)
    const { longerThanSeconds: longerThan, text, tests = [] } = selection
    const range = rangeOf(selection)
    const checks: [Check, SQL | undefined][] = [
      ['agents', agents.check],
      ['statuses', inList(sql`r.status`, statuses.list, statuses.excluded)],
      ['workflows', inList(sql`r.workflow`, workflows.list, workflows.excluded)],
      ['longer', longerThan === undefined ? undefined : sql`+r.duration > ${longerThan}`],
      ...tests.map((test, index): [Check, SQL] => [`test ${index}`, checkOf(test)]),
    ]
    const known = new Map(checks.filter((check): check is [Check, SQL] => check[1] !== undefined))
    const canSum =
      !known.has('workflows') &&
      !known.has('longer') &&
      tests.length === 0 &&
      !text &&
      (agents.sums || !known.has('agents'))
    return {
      isNothing: [agents, statuses, workflows].some(({ list }) => list?.length === 0) || range.high - range.low < 2,
      agents: short(agents.list),
      statuses: short(statuses.list),
      workflows: short(workflows.list),
      longerThan,
      tests,
      text: text && {
        match: text.words && matchOf(text.words),
        isEnough: text.isEnough,
        holds: text.holds,
        key: text.key,
      },
      checks: known,
      isAgentUnsure: agents.isUnsure,
      sums: canSum
        ? sql`TRUE${and(agents.sums)}${and(inList(sql`status`, statuses.list, statuses.excluded))}`
        : undefined,
      range,
    }
  }
}

const short = (list: string[] | undefined) => (list && list.length <= maxWords ? list : undefined)

import type { SQL } from 'drizzle-orm'
import type { NameKind, RunSelection, RunTest, TextSearch } from '../../ports/run-selection.ts'
import type { Store } from '../file/open.ts'
import { sql } from '../sql/drizzle.ts'
import { statementsOf } from '../sql/statements.ts'
import type { RunNames } from './names.ts'
import { everywhere, listed, msOf, type Span, spanOf } from './ranges.ts'
import { checkOf } from './tests.ts'
import { matchOf } from './words.ts'

/** What is asked of texts, with the query of FTS5 that finds every run for which that is true, and perhaps others. */
type TextCondition = Pick<TextSearch, 'isEnough' | 'holds'> & { match: string | undefined }

/** What a selection comes to in the file as it is now. */
export type RunConditions = {
  /** No run can be meant. */
  isNothing: boolean
  /** The words that are looked for, where they are few; else undefined. */
  agents: string[] | undefined
  statuses: string[] | undefined
  workflows: string[] | undefined
  longerThan: number | undefined
  tests: RunTest[]
  text: TextCondition | undefined
  /** What has to be true of a row `r` of run_index, by what it is about; besides that, `text` has to hold. */
  checks: Map<Check, SQL>
  /** Whether `agents` are not enough to know a run: some of them may be both an agent and a workflow. */
  isAgentUnsure: boolean
  /** What has to be true of a row of run_hours, run_days or run_totals; undefined when these cannot tell. */
  sums: SQL | undefined
  /** Places: low < seq < high. */
  span: Span
}
export type Check = 'agents' | 'statuses' | 'workflows' | 'longer' | `test ${number}`

/** Beyond this many words there is no point in walking the index of each. */
export const mostWords = 60

/** Reads selections: turns them into lists of words, conditions and a span of places. */
export function createRunSelections(db: Store['db'], names: RunNames) {
  const ask = statementsOf(db)
  const few = (read: (most: number) => string[]): string[] | undefined => {
    const words = read(mostWords + 1)
    return words.length <= mostWords ? words : undefined
  }

  /** The words that may stand in a column; undefined when these are all, or too many to be told one by one. */
  function wanted(
    { names: asked = [] }: RunSelection,
    kind: NameKind,
    anyOf: string[] | undefined,
    all: (most: number) => string[],
  ): { list: string[] | undefined; excluded: string[] } {
    const own = asked.filter(({ of }) => of === kind)
    const excluded = own.filter(({ isNot }) => isNot).flatMap(({ values }) => values)
    const required = own.filter(({ isNot }) => !isNot).map(({ values }) => values)
    const lists = anyOf ? [[...new Set(anyOf)], ...required] : required
    const list = lists.length > 0 ? lists.reduce(intersection) : excluded.length > 0 ? few(all) : undefined
    return { list: list?.filter((value) => !excluded.includes(value)), excluded: list ? [] : excluded }
  }

  /** Runs of no agent, by their names; undefined when there are too many. */
  function localNames(): string[] | undefined {
    const registered = new Set(ask.all<{ id: string }>(sql`SELECT agent_id AS id FROM agents`).map(({ id }) => id))
    return few(names.withoutAgentId)?.filter((name) => !registered.has(name))
  }

  function readAgents(selection: RunSelection) {
    const { agents, isLocal } = selection
    if (!isLocal) {
      const { list, excluded } = wanted(selection, 'agent', agents, names.agents)
      return {
        list,
        check: inList(sql`r.agent`, list, excluded),
        isUnsure: false,
        sums: inList(sql`agent`, list, excluded),
      }
    }
    const local = localNames()
    const anyOf = local && [...new Set([...(agents ?? []), ...local])]
    const { list, excluded } = wanted(selection, 'agent', anyOf, names.agents)
    const own = few(names.agentIds)
    const isUnsure = !list || !own || list.some((name) => own.includes(name) && !agents?.includes(name))
    const isLocalRow = sql`r.agent_id IS NULL AND r.agent NOT IN (SELECT agent_id FROM agents)`
    const isMeant = sql`(${inList(sql`r.agent`, agents ?? [], [])} OR (${isLocalRow}))`
    const check = sql`${isMeant}${and(inList(sql`r.agent`, list, excluded))}`
    return { list, check, isUnsure, sums: isUnsure ? undefined : inList(sql`agent`, list, []) }
  }

  return function read(selection: RunSelection): RunConditions {
    const agents = readAgents(selection)
    const statuses = wanted(selection, 'status', selection.statuses, names.statuses)
    const workflows = wanted(selection, 'workflow', selection.workflows, names.workflows)
    const { longerThanSeconds: longerThan, text, tests = [] } = selection
    const span = spanOf(selection)
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
      isNothing: [agents, statuses, workflows].some(({ list }) => list?.length === 0) || span.high - span.low < 2,
      agents: short(agents.list),
      statuses: short(statuses.list),
      workflows: short(workflows.list),
      longerThan,
      tests,
      text: text && { match: text.words && matchOf(text.words), isEnough: text.isEnough, holds: text.holds },
      checks: known,
      isAgentUnsure: agents.isUnsure,
      sums: canSum
        ? sql`TRUE${and(agents.sums)}${and(inList(sql`status`, statuses.list, statuses.excluded))}`
        : undefined,
      span,
    }
  }
}

/** Milliseconds: low <= started < high. Undefined when any start will do. */
export function timesOf({ span }: RunConditions): Span | undefined {
  return span === everywhere ? undefined : { low: msOf(span.low + 1), high: msOf(span.high) }
}

function inList(column: SQL, list: string[] | undefined, excluded: string[]): SQL | undefined {
  if (list) return sql`${column} IN (${listed(list)})`
  return excluded.length > 0 ? sql`${column} NOT IN (${listed(excluded)})` : undefined
}

const and = (condition: SQL | undefined): SQL => (condition ? sql` AND ${condition}` : sql``)
const short = (list: string[] | undefined) => (list && list.length <= mostWords ? list : undefined)
const intersection = (some: string[], others: string[]) => some.filter((value) => others.includes(value))

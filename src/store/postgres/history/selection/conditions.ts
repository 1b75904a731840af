import type { SQL } from 'drizzle-orm'
import { type Range, rangeOf } from '../../../history/ranges.ts'
import type { MeasuredRange, NameKind, RunSelection, RunTest, TextSearch } from '../../../ports/run-selection.ts'
import type { Ask } from '../../database/session.ts'
import { shownName } from '../../runs/record.ts'
import { sql } from '../../sql/drizzle.ts'
import { texts } from '../../sql/statements.ts'
import { namesOf } from './names.ts'
import { checkOf, inList, rangeCheck } from './tests.ts'
import { queryOf } from './words.ts'

/** Beyond this, looking each name up does not pay. */
const maxNames = 60

/** `query` is a `tsquery` that every run has for which the condition holds, and perhaps others. */
export type TextCondition = Pick<TextSearch, 'isEnough' | 'holds' | 'key'> & { query: string | undefined }

/** Names that every selected run has one of; undefined for any, and for many. */
type Lists = { agents: string[] | undefined; statuses: string[] | undefined; workflows: string[] | undefined }

export type RunConditions = {
  isNothing: boolean
  lists: Lists
  /** What has to be true of a row `r` of runs, besides `text` and `range`. */
  checks: SQL[]
  /** Of these, how many `lists` say too. */
  listed: number
  /** Those of `checks` that an index of their own can answer. */
  measured: SQL[]
  hasAgents: boolean
  /** What has to be true of a row of the sums; undefined where these are not enough. */
  sums: SQL | undefined
  text: TextCondition | undefined
  range: Range
}

/** `list` is undefined where it would hold all names, or too many; then `excluded` counts. */
type Wanted = { list: string[] | undefined; excluded: string[] }
type AgentConditions = { list: string[] | undefined; check: SQL | undefined; sums: SQL | undefined; isLocal: boolean }

const few = async (read: (max: number) => Promise<string[]>): Promise<string[] | undefined> => {
  const names = await read(maxNames + 1)
  return names.length <= maxNames ? names : undefined
}

/** What a selection means for rows, as far as that is known of the names at this time. */
export async function conditionsOf(ask: Ask, selection: RunSelection): Promise<RunConditions> {
  const names = namesOf(ask)
  const agents = await ofAgents(ask, selection)
  const statuses = await wanted(selection, 'status', selection.statuses, names.statuses)
  const workflows = await wanted(selection, 'workflow', selection.workflows, names.workflows)
  const { longerThanSeconds: longerThan, text, tests = [] } = selection
  const range = rangeOf(selection)
  const longer = longerThan === undefined ? [] : [rangeCheck(sql`r.duration`, { above: longerThan })]
  const statusCheck = checkOfNames(sql`r.status`, statuses)
  const workflowCheck = checkOfNames(sql`r.workflow`, workflows)
  const known = [agents.check, statusCheck, workflowCheck].filter((check) => check !== undefined)
  const canSum = !workflowCheck && longer.length === 0 && tests.length === 0 && !text && (agents.sums || !agents.check)
  const lists = { agents: short(agents.list), statuses: short(statuses.list), workflows: short(workflows.list) }
  return {
    isNothing: [agents, statuses, workflows].some(({ list }) => list?.length === 0) || range.high - range.low < 2,
    lists,
    checks: [...known, ...longer, ...tests.map(checkOf)],
    listed: Object.values(lists).filter((list) => list !== undefined).length - (agents.isLocal ? 1 : 0),
    measured: [...longer, ...tests.filter(isMeasured).map(checkOf)],
    hasAgents: agents.check !== undefined,
    sums: canSum ? both(agents.sums, checkOfNames(sql`status`, statuses)) : undefined,
    text: text && textCondition(text),
    range,
  }
}

function textCondition({ words, isEnough, holds, key }: TextSearch): TextCondition {
  const found = words && queryOf(words)
  return { query: found?.query, isEnough: isEnough && found?.isExact === true, holds, key }
}

const isMeasured = (test: RunTest): boolean =>
  !test.isNot &&
  (test.of === 'id' ||
    test.of === 'by' ||
    (['cost', 'tokens', 'duration'].includes(test.of) && isBounded((test as { range: MeasuredRange }).range)))

const isBounded = (range: MeasuredRange) => Object.keys(range).length > 0

const both = (...conditions: (SQL | undefined)[]): SQL => {
  const given = conditions.filter((condition) => condition !== undefined)
  return given.length === 0 ? sql`true` : sql.join(given, sql` AND `)
}

const short = (list: string[] | undefined) => (list && list.length <= maxNames ? list : undefined)

async function wanted(
  { names: asked = [] }: RunSelection,
  kind: NameKind,
  anyOf: string[] | undefined,
  all: (max: number) => Promise<string[]>,
): Promise<Wanted> {
  const own = asked.filter(({ of }) => of === kind)
  const excluded = own.filter(({ isNot }) => isNot).flatMap(({ values }) => values.map(shownName))
  const required = own.filter(({ isNot }) => !isNot).map(({ values }) => values)
  const lists = (anyOf ? [anyOf, ...required] : required).map((values) => [...new Set(values.map(shownName))])
  const list = lists.length > 0 ? lists.reduce(intersection) : excluded.length > 0 ? await few(all) : undefined
  return { list: list?.filter((value) => !excluded.includes(value)), excluded: list ? [] : excluded }
}

const intersection = (some: string[], others: string[]) => some.filter((value) => others.includes(value))

function checkOfNames(column: SQL, { list, excluded }: Wanted): SQL | undefined {
  if (list) return inList(column, list)
  return excluded.length > 0 ? sql`${column} <> ALL(${texts(excluded)})` : undefined
}

async function ofAgents(ask: Ask, selection: RunSelection): Promise<AgentConditions> {
  if (selection.isLocal) return ofLocal(ask, selection)
  const found = await wanted(selection, 'agent', selection.agents, namesOf(ask).agents)
  const check = (column: SQL) => checkOfNames(column, found)
  return { list: found.list, check: check(sql`r.agent`), sums: check(sql`agent`), isLocal: false }
}

async function ofLocal(ask: Ask, selection: RunSelection): Promise<AgentConditions> {
  const { agents = [] } = selection
  const names = namesOf(ask)
  const local = await localNames(ask)
  const anyOf = local && [...new Set([...agents.map(shownName), ...local])]
  const found = await wanted(selection, 'agent', anyOf, names.agents)
  const own = await few(names.agentIds)
  // A name may be an agent's and a workflow's: only each run can tell which.
  const isUnsure = !found.list || !own || found.list.some((name) => own.includes(name) && !agents.includes(name))
  // Said so that no index answers it: all runs of no agent would be read for each part of a list.
  const isLocalRow = sql`r.agent_id || '' IS NULL AND r.agent NOT IN (SELECT id FROM agents)`
  const isSelected = agents.length > 0 ? sql`(${inList(sql`r.agent`, agents)} OR (${isLocalRow}))` : isLocalRow
  return {
    list: found.list,
    check: both(isSelected, checkOfNames(sql`r.agent`, found)),
    sums: isUnsure ? undefined : checkOfNames(sql`agent`, found),
    isLocal: true,
  }
}

async function localNames(ask: Ask): Promise<string[] | undefined> {
  const registered = new Set((await ask.rows<{ id: string }>(sql`SELECT id FROM agents`)).map(({ id }) => id))
  return (await few(namesOf(ask).withoutAgentId))?.filter((name) => !registered.has(name))
}

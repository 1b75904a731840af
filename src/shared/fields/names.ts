import type { FieldError } from '../errors.ts'

const otherNames: Record<string, string> = {
  agents: 'agent',
  agent_id: 'agent',
  agent_ids: 'agent',
  statuses: 'status',
  state: 'status',
  workflows: 'workflow',
  workflow_name: 'workflow',
  since: 'from',
  after: 'from',
  start: 'from',
  until: 'to',
  before: 'to',
  end: 'to',
  period: 'time',
  duration: 'longer',
  search: 'q',
  query: 'q',
  order: 'sort',
  sort_by: 'sort',
  column: 'columns',
  filters: 'filter',
  ids: 'run_ids',
  runs: 'run_ids',
  input: 'inputs',
}

const maxNamed = 20

/** An error for each unknown field, with the known names: a misspelt limit must not mean "everything". */
export function unknownFields(given: Iterable<string>, known: readonly string[]): FieldError[] {
  return Iterator.from(given)
    .filter((name) => !known.includes(name))
    .take(maxNamed)
    .map((name) => ({ field: name, message: noSuchField(name, known) }))
    .toArray()
}

function noSuchField(name: string, known: readonly string[]): string {
  const small = name.toLowerCase()
  const suggested = [otherNames[small], small].find((one) => one !== undefined && known.includes(one))
  const names = known.length < 2 ? known.join() : `${known.slice(0, -1).join(', ')} and ${known.at(-1)}`
  const there =
    known.length === 0 ? 'None is known here.' : known.length === 1 ? `There is only ${names}.` : `There are ${names}.`
  return `There is no field “${name}”.${suggested === undefined ? '' : ` Write “${suggested}”.`} ${there}`
}

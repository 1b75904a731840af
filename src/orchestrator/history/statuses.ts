import { InvalidInputError } from '../../shared/errors.ts'
import type { HistoryStore } from '../../store/ports/history.ts'
import type { RunFilter } from './filter.ts'

/** What a run of ours can be. Python may write any other word. */
const ownStatuses = ['pending', 'running', 'completed', 'failed', 'lost', 'cancelled']

/** Those that no run can have: misspelt, they would select nothing, without a word. */
export async function unknownStatuses(
  { statuses }: Pick<RunFilter, 'statuses'>,
  history: Pick<HistoryStore, 'lookUp'>,
): Promise<string[]> {
  const unusual = statuses.filter((status) => !ownStatuses.includes(status.toLowerCase().replace(/\*$/, '')))
  if (unusual.length === 0) return []
  const { names, all } = await history.lookUp({ names: unusual.map((name) => ({ kind: 'status', name })), ids: [] })
  const known = [...names.map(({ name }) => name), ...(all.status ?? []), ...ownStatuses]
  return unusual.filter((status) => !known.some((name) => isLike(name.toLowerCase(), status.toLowerCase())))
}

export function unknownStatus(status: string): string {
  return `There is no status “${shortened(status)}”. Choose ${ownStatuses.slice(0, -1).join(', ')} or ${ownStatuses.at(-1)}.`
}

export async function refuseUnknownStatuses(filter: RunFilter, history: Pick<HistoryStore, 'lookUp'>): Promise<void> {
  const unknown = await unknownStatuses(filter, history)
  const refused = unknown.map((status) => ({ field: 'status', message: unknownStatus(status) }))
  if (refused.length > 0) throw new InvalidInputError(refused)
}

const isLike = (name: string, asked: string) =>
  asked.endsWith('*') ? name.startsWith(asked.slice(0, -1)) : name === asked

const maxShown = 40
const shortened = (text: string) => (text.length > maxShown ? `${text.slice(0, maxShown)}…`.toWellFormed() : text)

import type { HistoryStore } from '../../store/ports/history.ts'
import type { Registry } from '../registry/registry.ts'
import type { Schemas } from '../registry/schemas.ts'
import { localRuns, orderOf } from './filter.ts'
import { type FieldSuggestion, fieldSuggestions } from './search/field-suggestions.ts'

const maxAgentsAsked = 5
const maxSchemasRead = 20
const maxPayloadsRead = 20

/** Suggests fields from the schemas of agents and from what their newest completed runs hold. */
export function createSuggestions(deps: {
  history: HistoryStore
  registry: Registry
  schemas: Pick<Schemas, 'recall'>
}) {
  const { history, registry, schemas } = deps

  async function recentTexts(agent: string | undefined) {
    const selection = { agents: agent === undefined ? undefined : [agent], statuses: ['completed'] }
    const { runs } = await history.page(selection, { order: orderOf('started'), max: maxPayloadsRead })
    return Promise.all(runs.map(({ id }) => history.texts(id)))
  }

  return async (agents: string[]): Promise<FieldSuggestion[]> => {
    const chosen = agents.filter((agent) => agent !== localRuns).slice(0, maxAgentsAsked)
    const known = chosen.length > 0 ? chosen.flatMap((id) => registry.find(id) ?? []) : registry.all()
    const recent = (await Promise.all((chosen.length > 0 ? chosen : [undefined]).map(recentTexts))).flat()
    const recalled = await Promise.all(known.slice(0, maxSchemasRead).map(schemas.recall))
    return fieldSuggestions(
      recalled.flatMap((found) => found?.schema ?? []),
      { in: recent.flatMap((texts) => texts?.inputs ?? []), out: recent.flatMap((texts) => texts?.outputs ?? []) },
    )
  }
}

import type { SavedViewStore } from '../../store/ports/saved-views.ts'

/** What says nothing of agents, workflows and payloads, whoever wrote it. */
const harmless = ['status', 'time', 'from', 'to', 'longer', 'sort']

/** Their own views, and of those that everybody sees those that can name no other agent. */
export function narrowViews(views: SavedViewStore): SavedViewStore {
  const isHarmless = (query: string) => [...new URLSearchParams(query).keys()].every((name) => harmless.includes(name))

  return {
    all: async (reader) =>
      (await views.all(reader)).filter(({ owner, query }) => (owner !== null && owner === reader) || isHarmless(query)),
    add: views.add,
    // Of views that they found.
    change: views.change,
    remove: views.remove,
  }
}

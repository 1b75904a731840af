/** A filter of the history that people keep. `query` is that of the address of the list. */
export type SavedView = { id: string; name: string; query: string; createdAt: number }

export type SavedViewStore = {
  /** In the order in which they were saved. */
  all(): Promise<SavedView[]>

  /** Saves nothing where another view has the name, whatever its case, or where there are `max`. */
  add(view: SavedView, max: number): Promise<'added' | 'taken' | 'full'>

  rename(id: string, name: string): Promise<'renamed' | 'taken' | 'gone'>

  /** Resolves to whether there was such a view. */
  remove(id: string): Promise<boolean>
}

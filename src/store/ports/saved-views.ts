/** A filter of the history that people keep. `query` is that of the address of the list; `owner` is who saved it, as an
 * Actor's id, null where it is everybody's. */
export type SavedView = {
  id: string
  name: string
  query: string
  createdAt: number
  owner: string | null
  isShared: boolean
}

export type SavedViewStore = {
  /** Those of `reader`, and those that everybody sees, in the order in which they were saved. */
  all(reader: string | null): Promise<SavedView[]>

  /** Saves nothing where another view that its owner sees has the name, whatever its case, or where they have `max`. */
  add(view: SavedView, max: number): Promise<'added' | 'taken' | 'full'>

  /** As `add` for the name. */
  change(id: string, to: Partial<Pick<SavedView, 'name' | 'isShared'>>): Promise<'changed' | 'taken' | 'gone'>

  remove(id: string): Promise<boolean>
}

/** The first of them, as many as are not too large together; at least one. */
export function asManyAsFit<Item>(items: Item[], sizeOf: (item: Item) => number, max: number): Item[] {
  let size = 0
  for (const [index, item] of items.entries()) {
    size += sizeOf(item)
    if (size > max) return items.slice(0, Math.max(1, index))
  }
  return items
}

const bytesInHtml = (text: string) => Buffer.byteLength(text) + 5 * (text.match(/[&<>"']/g)?.length ?? 0)

/** Letters that take more bytes take more room, too. */
function fitting(letters: string[], maxBytes: number): string[] {
  let left = maxBytes
  const end = letters.findIndex((letter) => {
    left -= bytesInHtml(letter)
    return left < 0
  })
  return end < 0 ? letters : letters.slice(0, end)
}

export function cutEnd(text: string, maxBytes: number): string {
  return bytesInHtml(text) <= maxBytes ? text : `${fitting([...text], maxBytes).join('')}…`
}

/** Names of one family differ at their ends as often as at their beginnings. */
export function cutMiddle(text: string, maxBytes: number): string {
  if (bytesInHtml(text) <= maxBytes) return text
  const letters = [...text]
  const end = fitting(letters.toReversed(), maxBytes / 3).toReversed()
  return `${fitting(letters, (maxBytes / 3) * 2).join('')}…${end.join('')}`
}

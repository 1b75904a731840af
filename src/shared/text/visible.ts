const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const visible = /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\s\u2800]/u

/** Whether there is anything to see: a name of zero-width or direction marks alone is a link without text. */
export function isVisible(text: string): boolean {
  return visible.test(text)
}

/** Nothing that takes no room or turns text around: two names that look alike must not be two. */
export function withoutHidden(text: string): string {
  return text.replace(hidden, '')
}

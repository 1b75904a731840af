const visible = /[^\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\s\u2800]/u

/** Whether there is anything to see: a name of zero-width or direction marks alone is a link without text. */
export function isVisible(text: string): boolean {
  return visible.test(text)
}

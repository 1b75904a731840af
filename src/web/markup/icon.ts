import { assetPath } from '../assets/assets.ts'

/** Markup of a symbol of public/icons.svg. It decorates words; where there are none, its button is labelled. */
export function icon(name: string, size?: 'small'): string {
  const className = size === 'small' ? 'icon s14' : 'icon'
  return `<svg class="${className}" aria-hidden="true"><use href="${assetPath('icons.svg')}#${name}"/></svg>`
}

/** Markup of a symbol that the page itself has, by `iconOfPage`: short, for what comes a hundred times. */
export const pageIcon = (name: string): string => `<svg class=icon aria-hidden=true><use href=#i-${name} /></svg>`

export const iconOfPage = (name: string): string =>
  `<symbol id="i-${name}"><use href="${assetPath('icons.svg')}#${name}"/></symbol>`

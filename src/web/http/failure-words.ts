import { titleOf } from './problem-details.ts'

const titles: Record<number, string> = {
  400: 'Request not understood',
  401: 'You are logged out',
  403: 'No access',
  404: 'Not found',
  409: 'Not possible',
  410: 'Deleted',
  413: 'Too large',
  415: 'Request not understood',
  422: 'Not valid',
  500: 'Unexpected error',
  503: 'Not available right now',
  507: 'Nothing can be saved',
}

export function failureTitle(status: number): string {
  const name = titleOf(status)
  return titles[status] ?? name[0] + name.slice(1).toLowerCase()
}

export const mayPassLater = (status: number): boolean => status === 429 || status >= 500

/** For programs that use the API, or for agents that register themselves: that may do nothing else. */
export const tokenKinds = ['api', 'registration'] as const
export type TokenKind = (typeof tokenKinds)[number]

export const maxTokenDays = 3660

export const memoryFlags: string[]
export const memoryEnv: Record<string, string>
export function restartWithMemoryLimits(): void
export function limitMemoryAfterStart(): void

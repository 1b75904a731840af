const answerWithinMs = 2000

/** Says that a demo runs, where an agent of one answers at a port; undefined where none does. */
export async function alreadyRunning(port: number, workflow: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/schema`, { signal: AbortSignal.timeout(answerWithinMs) })
    const schema = (await answer.json()) as { workflow?: unknown }
    if (schema.workflow !== workflow) return undefined
    return `A demo is already running, with an agent on port ${port}. Its dashboard is at http://localhost:8000, unless it was given another port. Press Ctrl-C in its terminal to stop it.`
  } catch {
    return undefined
  }
}

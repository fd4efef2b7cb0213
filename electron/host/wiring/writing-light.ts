import type { ShellContract } from '../../../shared/contract/shell.ts'
import type { Client } from '../../../shared/rpc/define.ts'

/**
 * Tells the shell whether a device is being written, so that the laptop does not sleep and the window
 * does not close without a question. Says only changes, in order.
 */
export function writingLight(
  shell: Client<ShellContract>,
  onTrouble: (error: unknown) => void,
): (writing: boolean) => void {
  let said = false
  let last: Promise<unknown> = Promise.resolve()
  return (writing) => {
    if (writing === said) return
    said = writing
    last = last.then(() => shell.shell.setWriting({ writing })).catch(onTrouble)
  }
}

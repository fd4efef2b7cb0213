import type { z } from 'zod'
import type { Formats } from '../../../renderer/text/format.ts'
import type { SlipwayContract } from '../../../shared/contract/index.ts'

export interface ViewOptions {
  readonly formats: Formats
  readonly columns: number
}

export type MethodName = {
  [N in keyof SlipwayContract]: `${N}.${Extract<keyof SlipwayContract[N], string>}`
}[keyof SlipwayContract]

type OutputOf<Method extends MethodName> = Method extends `${infer N}.${infer M}`
  ? N extends keyof SlipwayContract
    ? M extends keyof SlipwayContract[N]
      ? SlipwayContract[N][M] extends { readonly output: infer O extends z.ZodType }
        ? z.output<O>
        : never
      : never
    : never
  : never

/** How the values of methods read as text for people. */
export type Views = { readonly [M in MethodName]?: (value: OutputOf<M>, options: ViewOptions) => string }

/** One step of the schema. Released migrations never change: a later one mends them. */
export interface Migration {
  /** `user_version` after the step: 1, 2, 3, ... without gaps. */
  readonly version: number
  readonly name: string
  readonly sql: string
}

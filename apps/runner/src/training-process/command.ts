/** How a training's process is started; the path of its job.json is appended. Tests put misbehaving programs in its place. */
export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** Where to go after signing in: a path of this site, never another site. */
export function safeNext(next: string | null): string {
  if (!next || !/^\/(?![/\\])/.test(next)) return '/runs';
  return next;
}

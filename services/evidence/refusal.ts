/** Why a bundle cannot be built, in words for who asked; nothing an event holds is in them. */
export class CannotBuild extends Error {
  override readonly name = 'CannotBuild';
}

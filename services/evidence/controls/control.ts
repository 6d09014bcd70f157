/** A control of a framework, and what of it the trail can show. */
export interface Control {
  /** Names the control's folder. */
  readonly id: string;
  readonly citation: string;
  readonly title: string;
  /** Named questions whose rows bear on it. None: not measured. */
  readonly questions: readonly string[];
  /** What of it no row here shows. */
  readonly unmeasured: string;
}

export interface Framework {
  readonly name: string;
  readonly title: string;
  readonly controls: readonly Control[];
}

/** Values of a framework's table: id, citation, title, questions, what is not measured. */
type Line = readonly [id: string, citation: string, title: string, questions: readonly string[], unmeasured: string];

export function defineFramework(name: string, title: string, lines: readonly Line[]): Framework {
  const controls = lines.map(([id, citation, heading, questions, unmeasured]) => {
    return { id, citation, title: heading, questions, unmeasured };
  });
  return { name, title, controls };
}

/** Stands in the title of the run, in its trace and its log: whoever looks at the result must see how it came about. */
export const weakerIsolation = 'in Node, weaker isolation';

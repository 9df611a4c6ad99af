import * as z from 'zod/mini';

// First import of the page: while a schema is made, zod tries out `eval`, which the content security policy reports as a violation.
z.config({ jitless: true });

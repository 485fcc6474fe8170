//! Forms for conditions on what contacts did, the same in filters of contacts and in workflows.

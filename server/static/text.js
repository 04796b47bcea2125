// The text page: bring the passage that was asked for into sight.
"use strict";

const passage = document.querySelector("mark[id]");
if (passage) passage.scrollIntoView({ block: "center" });

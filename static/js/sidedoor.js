/** What every page loads: small behaviours that make links and forms quicker. Each works on content added later too. */

import "./copy.js";
import "./dialogs.js";
import "./focus-first-error.js";
import "./menu.js";
import "./slug-preview.js";
import "./submit-once.js";
import "./time-zone.js";
import "./unsaved.js";

document.documentElement.dataset.js = "on";

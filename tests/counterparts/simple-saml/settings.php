<?php
// What the harness wants of this start, as JSON in the file that COUNTERPART_SETTINGS names. `simple_saml.rs` writes it.
return json_decode(file_get_contents(getenv('COUNTERPART_SETTINGS')), true, 512, JSON_THROW_ON_ERROR);

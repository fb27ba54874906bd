<?php
// Serves SimpleSAMLphp under `php -S`, which does not know that `module.php/core/x.php` is `module.php` with a path behind it.
$root = '/usr/share/simplesamlphp/www';
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (!preg_match('~^(/[\w/-]+\.php)(/.*)?$~', $path, $parts) || !is_file($root . $parts[1])) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = $parts[1];
$_SERVER['SCRIPT_FILENAME'] = $root . $parts[1];
$_SERVER['PHP_SELF'] = $path;
$_SERVER['PATH_INFO'] = $parts[2] ?? '';
chdir(dirname($root . $parts[1]));
require $root . $parts[1];

<?php
// The people of people.json behind the form for name and password. All of them have the same password.
$settings = require __DIR__ . '/../settings.php';

$people = ['exampleauth:UserPass'];
foreach ($settings['people'] as $person) {
    $people["{$person['login']}:{$settings['password']}"] = [
        'cip_sid' => $person['cip_sid'],
        'cip_upn' => $person['cip_upn'],
        'cip_oid' => $person['cip_oid'],
        'cip_email' => $person['cip_email'],
        'displayName' => $person['name'],
        'givenName' => $person['given_name'],
        'sn' => $person['family_name'],
        'groups' => $person['groups'],
    ];
}
$config = ['people' => $people];
